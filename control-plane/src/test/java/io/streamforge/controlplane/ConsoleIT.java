package io.streamforge.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.controlplane.Api.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console's files, as a browser asks for them. */
class ConsoleIT {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Server server;

    @BeforeEach
    void startWithConsole() throws IOException {
        Files.writeString(
                folder.resolve("index.html"), "<meta name=\"csp-nonce\" content=\"__CSP_NONCE__\"><div id=root></div>");
        Files.createDirectory(folder.resolve("assets"));
        Files.writeString(folder.resolve("assets/index-4f3a.js"), "export const a = 1;\n".repeat(500));
        Files.writeString(folder.resolve("favicon.svg"), "<svg/>");
        server = Server.start("--streamforge.console.dir=" + folder);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void everyPageOfTheConsoleIsItsIndexWithANonceOfItsOwn() {
        Api browser = Api.of(server);
        Answer first = browser.get("/").ok();
        Answer second = browser.get("/gateways/gw-1?tab=routes").ok();
        assertThat(first.header("Content-Type")).startsWith("text/html");
        assertThat(first.text()).doesNotContain("__CSP_NONCE__");
        assertThat(first.text()).isNotEqualTo(second.text());
        String nonce = first.text().replaceAll("(?s).*content=\"([^\"]+)\".*", "$1");
        assertThat(first.header("Content-Security-Policy"))
                .contains("script-src 'self';", "style-src 'self' 'nonce-" + nonce + "'")
                .doesNotContain("unsafe");
        assertThat(first.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(first.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(first.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(first.header("Referrer-Policy")).isEqualTo("no-referrer");
    }

    @Test
    void hashedAssetsAreKeptForEverAndCompressed() {
        Answer asset = Api.of(server)
                .with("Accept-Encoding", "gzip")
                .get("/assets/index-4f3a.js")
                .ok();
        assertThat(asset.header("Cache-Control")).isEqualTo("max-age=31536000, public, immutable");
        assertThat(asset.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(asset.header("Content-Type")).startsWith("text/javascript");
    }

    @Test
    void whatIsNotThereIsNotThere() {
        Api browser = Api.of(server);
        assertThat(browser.get("/assets/index-old.js").status()).isEqualTo(404);
        assertThat(browser.get("/robots.txt").status()).isEqualTo(404);
        assertThat(browser.get("/api/v1/nothing").status()).isEqualTo(404);
        assertThat(browser.get("/api/v1/nothing").header("Content-Type")).startsWith("application/problem+json");
        assertThat(browser.get("/favicon.svg").status()).isEqualTo(200);
        assertThat(browser.get("/%2e%2e/%2e%2e/etc/passwd").status()).isIn(400, 404);
    }

    @Test
    void documentationOfTheApiIsServed() {
        Answer docs = Api.of(server).get("/docs");
        assertThat(docs.status()).isIn(302, 301);
        assertThat(Api.of(server).get(docs.header("Location")).ok().text()).contains("swagger-ui");
    }
}
