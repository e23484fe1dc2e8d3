@NullMarked
package io.streamforge.http;

import org.jspecify.annotations.NullMarked;
