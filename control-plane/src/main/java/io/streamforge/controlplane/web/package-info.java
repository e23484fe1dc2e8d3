/** What every HTTP answer of the control plane has in common: problems, request ids, pages, versions, streams of events. */
@NullMarked
package io.streamforge.controlplane.web;

import org.jspecify.annotations.NullMarked;
