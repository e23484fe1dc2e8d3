/** The reference's pages, made from what connectors and templates say of themselves. */
@NullMarked
package io.streamforge.it.reference;

import org.jspecify.annotations.NullMarked;
