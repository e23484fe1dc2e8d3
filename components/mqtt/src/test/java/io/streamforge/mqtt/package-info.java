@NullMarked
package io.streamforge.mqtt;

import org.jspecify.annotations.NullMarked;
