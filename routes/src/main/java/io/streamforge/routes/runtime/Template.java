package io.streamforge.routes.runtime;

import java.util.Set;

/**
 * A route template that was loaded.
 *
 * @param id {@code name@version}
 * @param parameters what a plan may give it
 * @param declared the names of the parameters that its YAML declares
 */
record Template(String id, Parameters parameters, Set<String> declared) {}
