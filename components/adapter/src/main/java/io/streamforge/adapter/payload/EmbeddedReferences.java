package io.streamforge.adapter.payload;

import java.net.URISyntaxException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.EndpointStrategy;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.apache.camel.util.URISupport;

/**
 * Lets a reference to a text stand within a longer one. Camel looks up {@code #bean:name} where it is an option's whole value; a Kamelet that makes its password part of
 * a login ({@code password="{{password}}";}) would hand over the reference. Here each new endpoint that has such an option is told the text itself; its URI, which
 * is logged, keeps the reference.
 */
final class EmbeddedReferences implements EndpointStrategy {

    private static final String MARK = "#bean:";
    /** As it was written, or as it is encoded in a URI (RFC 3986 §2.1): a Kamelet may hand over either. */
    private static final Pattern REFERENCE = Pattern.compile("(?:#|%23)bean(?::|%3A)([A-Za-z0-9._-]*[A-Za-z0-9_-])");

    private final CamelContext context;
    private final Set<String> beans = ConcurrentHashMap.newKeySet();

    EmbeddedReferences(CamelContext context) {
        this.context = context;
    }

    /** From now on references to the beans that these options name may stand within others. */
    void allow(Map<String, Object> options) {
        for (Object option : options.values()) {
            if (option instanceof String text && text.startsWith(MARK)) {
                beans.add(text.substring(MARK.length()));
            }
        }
    }

    @Override
    public Endpoint registerEndpoint(String uri, Endpoint endpoint) {
        if (beans.stream().anyMatch(uri::contains)
                && endpoint.getComponent() != null
                && endpoint.getComponent().getEndpointPropertyConfigurer()
                        instanceof PropertyConfigurerGetter options) {
            try {
                for (Map.Entry<String, Object> option : URISupport.parseQuery(URISupport.extractQuery(uri), true)
                        .entrySet()) {
                    if (options.getOptionValue(endpoint, option.getKey(), true) instanceof String text
                            && REFERENCE.matcher(text).find()) {
                        ((PropertyConfigurer) options)
                                .configure(context, endpoint, option.getKey(), resolved(text), true);
                    }
                }
            } catch (URISyntaxException e) {
                throw new IllegalArgumentException(
                        "The options of '%s' cannot be read.".formatted(endpoint.getEndpointBaseUri()), e);
            }
        }
        return endpoint;
    }

    private String resolved(String text) {
        return REFERENCE
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(value(found.group(1), found.group())));
    }

    private String value(String bean, String otherwise) {
        CharSequence value =
                beans.contains(bean) ? context.getRegistry().lookupByNameAndType(bean, CharSequence.class) : null;
        return value == null ? otherwise : value.toString();
    }
}
