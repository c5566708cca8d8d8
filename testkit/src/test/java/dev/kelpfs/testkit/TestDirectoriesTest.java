package dev.kelpfs.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Runs classes whose tests fail on purpose, and looks at what is left of their directories. */
class TestDirectoriesTest {
    private static final Map<String, Path> GIVEN = new TreeMap<>();
    private static boolean deliberate;

    @AfterEach
    void tidyUp() {
        GIVEN.values().forEach(path -> path.toFile().delete());
        GIVEN.clear();
    }

    @Test
    void keepsWhatBelongsToAFailureAndNothingElse() {
        run(Mixed.class);
        assertThat(GIVEN.get("passing")).doesNotExist();
        assertThat(GIVEN.get("skipped")).doesNotExist();
        assertThat(GIVEN.get("failing")).isDirectory();
        assertThat(GIVEN.get("class")).as("of all tests, one of which failed").isDirectory();
    }

    @Test
    void deletesWhatBelongsToSuccess() {
        run(Good.class);
        assertThat(GIVEN.get("class")).doesNotExist();
        assertThat(GIVEN.get("passing")).doesNotExist();
    }

    private static void run(Class<?> tests) {
        deliberate = true;
        try {
            EngineTestKit.engine("junit-jupiter").selectors(selectClass(tests)).execute();
        } finally {
            deliberate = false;
        }
    }

    @ExtendWith(TestDirectories.class)
    static class Mixed {
        @BeforeAll
        static void before(TestDirectory directory) {
            GIVEN.put("class", directory.path());
        }

        @Test
        void passing(TestDirectory directory) {
            GIVEN.put("passing", directory.path());
        }

        @Test
        void skipped(TestDirectory directory) {
            GIVEN.put("skipped", directory.path());
            assumeThat(deliberate).isFalse();
        }

        @Test
        void failing(TestDirectory directory) {
            GIVEN.put("failing", directory.path());
            assertThat(deliberate).isFalse();
        }
    }

    @ExtendWith(TestDirectories.class)
    static class Good {
        @BeforeAll
        static void before(TestDirectory directory) {
            GIVEN.put("class", directory.path());
        }

        @Test
        void passing(TestDirectory directory) {
            GIVEN.put("passing", directory.path());
        }
    }
}
