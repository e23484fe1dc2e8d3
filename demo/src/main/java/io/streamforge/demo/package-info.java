/** The demo on one machine: starts every part as a process of its own, keeps it running, and loads the demo plant. */
@NullMarked
package io.streamforge.demo;

import org.jspecify.annotations.NullMarked;
