package io.streamforge.controlplane.access;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How callers may reach the API.
 *
 * @param allowPlainHttp accept credentials without TLS from other machines too; for networks that are already private
 */
@ConfigurationProperties("streamforge.access")
record AccessSettings(@DefaultValue("false") boolean allowPlainHttp) {}
