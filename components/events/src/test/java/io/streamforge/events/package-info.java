@NullMarked
package io.streamforge.events;

import org.jspecify.annotations.NullMarked;
