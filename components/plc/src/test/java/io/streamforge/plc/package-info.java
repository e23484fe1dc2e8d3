@NullMarked
package io.streamforge.plc;

import org.jspecify.annotations.NullMarked;
