package io.streamforge.controlplane.access;

import java.util.List;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.ProviderNotFoundException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.crypto.password.Pbkdf2PasswordEncoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Puts {@link AccessCheck} before the handlers and hands them the caller. Of Spring Security's filters only those stay
 * that harden answers: its log-in, sessions and CSRF tokens have no part here.
 */
@Configuration
class SecurityConfiguration implements WebMvcConfigurer {

    private final AccessCheck check;

    SecurityConfiguration(AccessCheck check) {
        this.check = check;
    }

    @Bean
    static SecurityFilterChain hardening(HttpSecurity http) throws Exception {
        return http.csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .anonymous(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .headers(headers -> headers.frameOptions(frames -> frames.deny())
                        .referrerPolicy(
                                referrer -> referrer.policy(ReferrerPolicyHeaderWriter.ReferrerPolicy.NO_REFERRER))
                        .permissionsPolicyHeader(permissions ->
                                permissions.policy("camera=(), geolocation=(), microphone=(), payment=(), usb=()"))
                        .crossOriginOpenerPolicy(opener -> opener.policy(
                                org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter
                                        .CrossOriginOpenerPolicy.SAME_ORIGIN)))
                .build();
    }

    /** Nobody logs in through Spring Security; without this bean Spring Boot would make a user with a printed password. */
    @Bean
    static AuthenticationManager noAuthenticationManager() {
        return authentication -> {
            throw new ProviderNotFoundException("Log-in is the API's");
        };
    }

    /** New passwords get the first scheme; older ones stay readable by the name in front of their hash. */
    @Bean
    static PasswordEncoder passwords() {
        return new DelegatingPasswordEncoder(
                "pbkdf2-sha256-310000",
                Map.of("pbkdf2-sha256-310000", Pbkdf2PasswordEncoder.defaultsForSpringSecurity_v5_8()));
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(check);
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new CallerArgument(User.class, AccessCheck.USER));
        resolvers.add(new CallerArgument(GatewayIdentity.class, AccessCheck.GATEWAY));
    }

    /** Hands a handler the caller that {@link AccessCheck} found. */
    private record CallerArgument(Class<?> type, String attribute) implements HandlerMethodArgumentResolver {

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == type;
        }

        @Override
        public Object resolveArgument(
                MethodParameter parameter,
                @org.jspecify.annotations.Nullable ModelAndViewContainer container,
                NativeWebRequest request,
                @org.jspecify.annotations.Nullable WebDataBinderFactory binders) {
            Object caller = request.getAttribute(attribute, RequestAttributes.SCOPE_REQUEST);
            if (caller == null) {
                throw new IllegalStateException("%s asks for a caller it does not require".formatted(parameter));
            }
            return caller;
        }
    }
}
