/** How a gateway becomes known: enrolment tokens, a key it proves, approval by an administrator, a token bound to that key. */
@NullMarked
package io.streamforge.controlplane.enrollment;

import org.jspecify.annotations.NullMarked;
