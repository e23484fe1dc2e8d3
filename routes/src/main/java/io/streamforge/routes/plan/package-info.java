/** What a gateway is asked to run: the plan, its hash, its difference from another and the files that remember it. */
@NullMarked
package io.streamforge.routes.plan;

import org.jspecify.annotations.NullMarked;
