package io.streamforge.controlplane;

import java.time.Clock;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The control plane's process: an HTTP server over one PostgreSQL database. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class ControlPlane {

    public static void main(String[] arguments) {
        SpringApplication.run(ControlPlane.class, arguments);
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }
}
