package dev.kelpfs.cli.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LoggingTest {
    private static final Logger LOG = LoggerFactory.getLogger(LoggingTest.class);

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private void start(LogSettings settings) {
        Logging.start(settings, new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private static LogSettings settings(int verbosity, String modules, boolean json) {
        return new LogSettings(
                verbosity, ModuleVerbosity.parse(modules), json, Optional.empty(), true, Severity.ERROR, 1 << 20, 5,
                Duration.ofHours(1));
    }

    private static LogSettings files(Path directory, boolean alsoToStderr, long maxBytes) {
        return new LogSettings(
                0, ModuleVerbosity.parse(""), false, Optional.of(directory), alsoToStderr, Severity.ERROR, maxBytes, 2,
                Duration.ofHours(1));
    }

    private String printed() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aMachineWithoutNetworkCardIsNoWarning() {
        start(settings(0, "", false));
        java.util.logging.Logger inGrpc =
                java.util.logging.Logger.getLogger("io.grpc.netty.shaded.io.netty.util.internal.MacAddressUtil");
        inGrpc.warning("Failed to find a usable hardware address");
        LoggerFactory.getLogger("io.netty.util.internal.MacAddressUtil").warn("Failed to find a usable hardware address");
        assertThat(printed()).isEmpty();
        java.util.logging.Logger.getLogger("io.grpc.netty.shaded.io.netty.other").warning("other");
        assertThat(printed()).contains("other");
    }

    @Test
    void aLineHasSeverityTimePlaceAndText() {
        start(settings(0, "", false));
        LOG.info("state {} -> {}", "A", "B");
        LOG.warn("odd");
        LOG.error("bad");
        LOG.error(Severity.FATAL_MARKER, "over");
        LOG.debug("not shown");
        String head = "\\d{4} \\d\\d:\\d\\d:\\d\\d\\.\\d{6} LoggingTest\\.java:\\d+ ";
        assertThat(printed()).matches("I" + head + "state A -> B\nW" + head + "odd\nE" + head + "bad\nF" + head + "over\n");
    }

    @Test
    void jsonLinesAreValidWhateverIsInThem() {
        start(settings(0, "", true));
        LOG.info("a \"quoted\" \\ line\nand \u0001 more");
        assertThat(printed()).matches("\\{\"ts\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z\",\"level\":\"INFO\","
                + "\"file\":\"LoggingTest\\.java\",\"line\":\\d+,\"msg\":\"a \\\\\"quoted\\\\\" \\\\\\\\ line\\\\nand "
                + "\\\\u0001 more\"}\n");
    }

    @Test
    void aFailureOutsideIsOneLineAndABugBringsItsStack() {
        start(settings(0, "", false));
        LOG.warn("cannot read", new IOException("disk gone", new IOException("cable")));
        assertThat(printed()).endsWith(" cannot read: disk gone: cable\n");
        LOG.warn("broken", new IllegalStateException("never"));
        assertThat(printed()).contains("IllegalStateException: never\n\tat dev.kelpfs");
    }

    @Test
    void verbosityOpensDebugLinesForAllOrForOneFile() {
        start(settings(1, "", false));
        LOG.debug("one");
        start(settings(0, "Logging*=1", false));
        LOG.debug("two");
        LoggerFactory.getLogger("dev.kelpfs.Other").debug("three");
        start(settings(2, "LoggingTest=0", false));
        LOG.debug("four");
        assertThat(printed()).contains("one", "two").doesNotContain("three", "four");
    }

    @Test
    void librariesSpeakThroughTheSameLines() {
        start(settings(0, "", false));
        java.util.logging.Logger.getLogger("io.grpc.Something").warning("through the bridge");
        java.util.logging.Logger.getLogger("io.grpc.Something").info("not worth a line");
        LoggerFactory.getLogger("io.netty.Something").info("nor is this");
        assertThat(printed()).matches("W\\d{4} [\\d:.]+ LoggingTest\\.java:\\d+ through the bridge\n");
    }

    @Test
    void aMessageGoesToTheFileOfItsSeverityAndToAllLowerOnes(@TempDir Path directory) throws IOException {
        start(files(directory, false, 1 << 20));
        LOG.info("calm");
        LOG.warn("odd");
        assertThat(Files.readString(directory.resolve("weed.INFO"))).contains("calm", "odd").startsWith("Log file created at");
        assertThat(Files.readAllLines(directory.resolve("weed.WARNING"))).hasSize(5).last().asString().endsWith("odd");
        assertThat(directory.resolve("weed.ERROR")).doesNotExist();
        assertThat(printed()).isEmpty();
        LOG.error("bad");
        assertThat(printed()).as("from the threshold on").contains("bad");
        assertThat(Files.readString(directory.resolve("weed.ERROR"))).contains("bad");
    }

    @Test
    void aFullFileIsFollowedByANewOneAndOldOnesGo(@TempDir Path directory) throws IOException {
        start(files(directory, true, 400));
        for (int i = 0; i < 20; i++) LOG.info("line {} {}", i, "x".repeat(100));
        List<Path> left;
        try (Stream<Path> all = Files.list(directory)) {
            left = all.filter(file -> file.getFileName().toString().contains(".log.INFO.")).toList();
        }
        assertThat(left).hasSize(2);
        assertThat(Files.readString(directory.resolve("weed.INFO"))).contains("line 19");
        assertThat(printed()).contains("line 0", "line 19");
    }
}
