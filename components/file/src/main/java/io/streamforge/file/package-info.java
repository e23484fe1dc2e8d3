/** Camel component {@code drop-folder:}: takes files that others drop into a folder, row by row, once. */
@NullMarked
package io.streamforge.file;

import org.jspecify.annotations.NullMarked;
