@NullMarked
package io.streamforge.knx;

import org.jspecify.annotations.NullMarked;
