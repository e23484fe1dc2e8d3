/** Who may call what: roles, the callers a request can come from, and the check before every handler. */
@NullMarked
package io.streamforge.controlplane.access;

import org.jspecify.annotations.NullMarked;
