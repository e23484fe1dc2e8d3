/** What the tests of several modules need of the model. */
@NullMarked
package io.streamforge.model.testing;

import org.jspecify.annotations.NullMarked;
