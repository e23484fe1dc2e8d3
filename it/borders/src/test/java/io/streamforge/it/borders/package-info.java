/** The borders between the modules, as a test. */
@NullMarked
package io.streamforge.it.borders;

import org.jspecify.annotations.NullMarked;
