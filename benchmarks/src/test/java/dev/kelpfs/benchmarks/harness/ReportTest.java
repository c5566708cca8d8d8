package dev.kelpfs.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.benchmarks.load.LoadResult;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
    @Test
    void showsMediansSharesAndWhatWasMissed() {
        Map<Kind, List<Sample>> samples = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) samples.put(kind, List.of(sample(600, 0), sample(50, 0), sample(700, 0)));
        samples.put(Kind.CEILING, List.of(sample(1000, 0), sample(10, 0), sample(2000, 0)));
        samples.put(Kind.ASSIGN, List.of(sample(900, 2)));
        Report report = new Report("the title", samples, List.of(Duration.ofMillis(1300)),
                new Report.Memory(100_000_000, 290_000_000, 1, 2, 3));
        assertThat(report.failures()).isEqualTo(2);
        List<String> lines = report.render().lines().toList();
        assertThat(lines.getFirst()).isEqualTo("the title");
        assertThat(lines).anySatisfy(line -> assertThat(line).contains("ceiling", "1,000/s", "100 %"));
        assertThat(lines).anySatisfy(line -> assertThat(line).contains("GET 1 KiB", "600/s", "60 %", "70 %", "MISSED"));
        assertThat(lines).anySatisfy(line -> assertThat(line).contains("raw", "600/s").doesNotContain("MISSED"));
        assertThat(lines).anySatisfy(line -> assertThat(line).contains("dir/assign", "2 FAILED"));
        assertThat(lines).anySatisfy(line -> assertThat(line).contains("first stored file", "1.30 s", "MISSED"));
        assertThat(lines).anySatisfy(line -> assertThat(line).contains("volume server, idle", "100 MB").doesNotContain("MISSED"));
        assertThat(lines).anySatisfy(line -> assertThat(line).contains("volume server, peak", "290 MB", "MISSED"));
        assertThat(lines.stream().filter(line -> line.startsWith("|")).map(String::length).distinct()).hasSize(1);
    }

    @Test
    void medianIsTheMiddle() {
        assertThat(Medians.of(List.of(3.0, 1.0, 2.0), d -> d)).isEqualTo(2);
        assertThat(Medians.of(List.of(4.0, 1.0, 2.0, 3.0), d -> d)).isEqualTo(2.5);
    }

    @Test
    void optionsAreReadOrRefusedWithTheUsage() {
        HarnessOptions options = HarnessOptions.parse("-rounds=3", "--seconds=1", "-load=own");
        assertThat(options.rounds()).isEqualTo(3);
        assertThat(options.seconds()).isEqualTo(1);
        assertThat(options.connections()).isEqualTo(64);
        assertThat(options.ownLoad()).isTrue();
        for (String bad : List.of("-round=3", "rounds=3", "-rounds", "-rounds=x", "-rounds=0", "-load=ab")) {
            assertThatThrownBy(() -> HarnessOptions.parse(bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static Sample sample(long requests, long failures) {
        return new Sample(new LoadResult(requests, failures, Duration.ofSeconds(1), 1_000_000, 2_000_000), 10);
    }
}
