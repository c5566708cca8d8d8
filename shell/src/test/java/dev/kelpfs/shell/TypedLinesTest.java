package dev.kelpfs.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Lines from a terminal, and the history beside them, which is in a directory that everybody may write to. */
@ExtendWith(TestDirectories.class)
class TypedLinesTest {
    @Test
    void theHistoryOutlivesTheShell(TestDirectory directory) throws Exception {
        Path history = directory.resolve("history");
        type(history, "help", "volume.list -v=0");
        type(history, "cluster.ps");
        assertThat(Files.readAllLines(history)).containsExactly("help", "volume.list -v=0", "cluster.ps");
    }

    @Test
    void aFileThatIsNoHistoryIsLeftAloneAndDoesNotStopTheShell(TestDirectory directory) throws Exception {
        Path history = directory.resolve("history");
        byte[] foreign = {(byte) 0xff, (byte) 0xfe, '\n'};
        Files.write(history, foreign);
        type(history, "help");
        assertThat(history).hasBinaryContent(foreign);

        Path unwritable = Files.createDirectory(directory.resolve("taken"));
        type(unwritable, "help");
        assertThat(unwritable).isDirectory();
    }

    /** A shell's life at a terminal where these lines are typed. */
    private static void type(Path history, String... typed) throws IOException {
        byte[] keys = (String.join("\r", typed) + "\r").getBytes(StandardCharsets.UTF_8);
        DumbTerminal terminal =
                new DumbTerminal("test", "dumb", new ByteArrayInputStream(keys), new ByteArrayOutputStream(), StandardCharsets.UTF_8);
        try (TypedLines lines = new TypedLines(terminal, history, Commands.all())) {
            for (String line : typed) assertThat(lines.next()).contains(line);
            assertThat(lines.next()).isEmpty();
        }
    }
}
