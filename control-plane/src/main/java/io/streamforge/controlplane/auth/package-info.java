/** Users of the console: the first administrator, log-in, sessions and passwords. */
@NullMarked
package io.streamforge.controlplane.auth;

import org.jspecify.annotations.NullMarked;
