@NullMarked
package io.streamforge.it.bench;

import org.jspecify.annotations.NullMarked;
