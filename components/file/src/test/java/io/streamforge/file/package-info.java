/** Tests of the drop folder. */
@NullMarked
package io.streamforge.file;

import org.jspecify.annotations.NullMarked;
