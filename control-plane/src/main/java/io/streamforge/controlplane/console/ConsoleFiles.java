package io.streamforge.controlplane.console;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.resource.PathResourceResolver;
import org.springframework.web.servlet.resource.ResourceTransformerChain;
import org.springframework.web.servlet.resource.TransformedResource;

/**
 * Serves the console: hashed assets for ever, everything else fresh. A path that names no file and does not belong to the
 * API is one of the console's own pages and gets {@code index.html}, with this answer's nonce in it.
 */
@Configuration
class ConsoleFiles implements WebMvcConfigurer {

    private static final String INDEX = "index.html";
    private static final String NONCE_MARK = "__CSP_NONCE__";
    private static final List<String> NOT_PAGES =
            List.of("api/", "health", "docs", "assets/", "swagger-ui", "webjars/");

    private final String location;

    ConsoleFiles(ConsoleSettings settings) {
        this.location = settings.dir() == null
                ? "classpath:/static/"
                : settings.dir().toAbsolutePath().normalize().toUri().toString();
    }

    @Override
    public void addViewControllers(ViewControllerRegistry registry) {
        // a resource handler serves no empty path
        registry.addViewController("/").setViewName("forward:/" + INDEX);
    }

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        String folder = location.endsWith("/") ? location : location + "/";
        registry.addResourceHandler("/assets/**")
                .addResourceLocations(folder + "assets/")
                .setCacheControl(
                        CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable());
        registry.addResourceHandler("/**")
                .addResourceLocations(folder)
                .setCacheControl(CacheControl.noCache())
                // index.html differs with every answer: never 304
                .setUseLastModified(false)
                .resourceChain(false)
                .addResolver(new PageResolver())
                .addTransformer(ConsoleFiles::withNonce);
    }

    /** Files as they are; index.html for the console's own pages. */
    private static final class PageResolver extends PathResourceResolver {

        @Override
        protected @Nullable Resource resolveResourceInternal(
                @Nullable HttpServletRequest request,
                String path,
                List<? extends Resource> locations,
                org.springframework.web.servlet.resource.ResourceResolverChain chain) {
            Resource file = super.resolveResourceInternal(request, path, locations, chain);
            if (file != null || NOT_PAGES.stream().anyMatch(path::startsWith) || isFile(path)) {
                return file;
            }
            return super.resolveResourceInternal(request, INDEX, locations, chain);
        }

        private static boolean isFile(String path) {
            return path.substring(path.lastIndexOf('/') + 1).matches(".+\\.[a-z0-9]{1,8}");
        }
    }

    private static Resource withNonce(HttpServletRequest request, Resource resource, ResourceTransformerChain chain)
            throws IOException {
        Resource inner = chain.transform(request, resource);
        if (!INDEX.equals(inner.getFilename())) {
            return inner;
        }
        try (InputStream in = inner.getInputStream()) {
            String page = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            String nonce = String.valueOf(request.getAttribute(ConsolePolicy.NONCE));
            return new TransformedResource(
                    inner, page.replace(NONCE_MARK, nonce).getBytes(StandardCharsets.UTF_8));
        }
    }
}
