/** Tests of the polled service. */
@NullMarked
package io.streamforge.http.poll;

import org.jspecify.annotations.NullMarked;
