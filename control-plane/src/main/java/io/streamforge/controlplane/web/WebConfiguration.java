package io.streamforge.controlplane.web;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.converter.Converter;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

@Configuration
class WebConfiguration {

    @Bean
    Converter<String, Version> versions() {
        // not a lambda: Spring reads the types from the class
        return new Converter<>() {
            @Override
            public Version convert(String header) {
                return Version.parse(header);
            }
        };
    }

    /** Writes server-sent events; a slow client holds one of its threads for no longer than the socket's time-out. */
    @Bean
    ThreadPoolTaskExecutor eventWriters() {
        ThreadPoolTaskExecutor writers = new ThreadPoolTaskExecutor();
        writers.setCorePoolSize(4);
        writers.setMaxPoolSize(4);
        writers.setThreadNamePrefix("events-");
        writers.setDaemon(true);
        return writers;
    }
}
