package dev.kelpfs.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What can be seen by reading the sources as text. Every finding names its remedy. */
class SourceTidinessTest {
    private static final int MAX_FILE_LINES = 500;
    private static final int MAX_LINE_CHARS = 140;
    private static final Pattern EMPTY_NAMES = Pattern.compile(".*(Utils?|Common|Helpers?|Manager|Misc)\\.java");
    private static final Pattern UNFINISHED =
            Pattern.compile("\\b(TODO|FIXME|XXX)\\b|new UnsupportedOperationException|not implemented");

    private static List<Path> sources = List.of();

    @BeforeAll
    static void find() throws IOException {
        Path root = Path.of("").toAbsolutePath().getParent();
        try (Stream<Path> walk = Files.walk(root)) {
            sources = walk.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .toList();
        }
    }

    @Test
    void thereIsSomethingToLookAt() {
        assertThat(sources).hasSizeGreaterThan(100);
    }

    @Test
    void aFileHasOneSubject() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : main()) {
            int lines = Files.readAllLines(file).size();
            if (lines > MAX_FILE_LINES) tooLong.add(file + " has " + lines + " lines");
        }
        assertThat(tooLong).as("more than " + MAX_FILE_LINES + " lines hold two subjects: part them").isEmpty();
    }

    @Test
    void linesFitTheWindow() throws IOException {
        List<String> wide = new ArrayList<>();
        for (Path file : sources) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).length() > MAX_LINE_CHARS) wide.add(file + ":" + (i + 1));
            }
        }
        assertThat(wide).as("lines over " + MAX_LINE_CHARS + " characters: break them").isEmpty();
    }

    @Test
    void namesSayWhatIsInside() {
        assertThat(main().stream().filter(file -> EMPTY_NAMES.matcher(file.getFileName().toString()).matches()))
                .as("name the knowledge instead, as in Crc32c or Ttl")
                .isEmpty();
    }

    @Test
    void nothingIsLeftUnfinished() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : main()) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (UNFINISHED.matcher(lines.get(i)).find()) found.add(file + ":" + (i + 1) + " " + lines.get(i).strip());
            }
        }
        assertThat(found).as("finish it, or refuse honestly with a reason").isEmpty();
    }

    @Test
    void everyPackageIsIntroduced() {
        TreeSet<Path> missing = new TreeSet<>();
        for (Path file : main()) {
            if (!Files.exists(file.resolveSibling("package-info.java"))) missing.add(file.getParent());
        }
        assertThat(missing).as("add package-info.java: what lives here, where to start, what may be touched").isEmpty();
    }

    private static List<Path> main() {
        return sources.stream().filter(file -> file.toString().contains("/src/main/")).toList();
    }
}
