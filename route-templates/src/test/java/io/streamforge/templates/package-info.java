/** The contract that every route template keeps. */
@NullMarked
package io.streamforge.templates;

import org.jspecify.annotations.NullMarked;
