/** The contract that every connector keeps. */
@NullMarked
package io.streamforge.kamelets;

import org.jspecify.annotations.NullMarked;
