/** The expressions that rules may carry: one language for the gateway, which evaluates them, and the control plane, which checks them. */
@NullMarked
package io.streamforge.expression;

import org.jspecify.annotations.NullMarked;
