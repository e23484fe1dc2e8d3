/** What a gateway runs: templates, routes made from them, their proof, their supervision and their figures. */
@NullMarked
package io.streamforge.routes.runtime;

import org.jspecify.annotations.NullMarked;
