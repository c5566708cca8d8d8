package dev.kelpfs.cli.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.cli.FakeWorld;
import dev.kelpfs.cli.command.ExitCode;
import dev.kelpfs.cli.tool.WrongArgumentsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesTest {
    @Test
    void aStoredNameNeverLeavesTheDirectory() {
        assertThat(SavedFile.safeName("a b.txt")).contains("a b.txt");
        assertThat(SavedFile.safeName("/etc/passwd")).contains("passwd");
        assertThat(SavedFile.safeName("..\\..\\evil.exe")).contains("evil.exe");
        for (String bad : List.of("", " ", ".", "..", "a/..", "/", "a\0b", "a\nb", "x".repeat(201))) {
            assertThat(SavedFile.safeName(bad)).as("\"%s\"", bad).isEmpty();
        }
    }

    @Test
    void choosesPlainFilesBelowADirectoryByTheirNames(@TempDir Path directory) throws Exception {
        Files.createDirectories(directory.resolve("b/c"));
        for (String name : List.of("z.jpg", "a.txt", "b/y.jpg", "b/c/x.JPG")) Files.writeString(directory.resolve(name), name);

        assertThat(ChosenFiles.below(directory, "*.{jpg,JPG}")).containsExactly(
                directory.resolve("b/c/x.JPG"), directory.resolve("b/y.jpg"), directory.resolve("z.jpg"));
        assertThat(ChosenFiles.below(directory, "")).hasSize(4);
        assertThatThrownBy(() -> ChosenFiles.below(directory, "[")).isInstanceOf(WrongArgumentsException.class);
        assertThatThrownBy(() -> ChosenFiles.below(directory.resolve("none"), "")).isInstanceOf(IOException.class)
                .hasMessageContaining("is no directory");
    }

    @Test
    void whatIsPrintedForAFile() {
        assertThat(UploadResult.stored("a\"b", "h:1/3,01", "3,01", 7).json())
                .isEqualTo("{\"fileName\":\"a\\\"b\",\"url\":\"h:1/3,01\",\"fid\":\"3,01\",\"size\":7}");
        assertThat(UploadResult.failed("x", "why").json())
                .isEqualTo("{\"fileName\":\"x\",\"url\":\"\",\"fid\":\"\",\"size\":0,\"error\":\"why\"}");
    }

    @Test
    void whatMakesNoSenseIsRefusedBeforeAnyServerIsAsked() {
        for (String[] line : new String[][] {
            {"upload"}, {"upload", "-dir=/tmp", "a.txt"}, {"upload", "-ttl=7q", "a"}, {"upload", "-replication=abc", "a"},
            {"upload", "-collection=a/b", "a"}, {"upload", "-master=nohost", "a"}, {"upload", "-maxMB=4096", "a"},
            {"download", "-master=nohost", "3,01637037d6"}}) {
            FakeWorld world = new FakeWorld();
            assertThat(world.run(line)).as(String.join(" ", line)).isEqualTo(ExitCode.USAGE);
            assertThat(world.err()).startsWith("weed " + line[0] + ": ");
            assertThat(world.out()).isEmpty();
        }
    }

    @Test
    void nothingToFetchIsNoFailure() {
        FakeWorld world = new FakeWorld();
        assertThat(world.run("download")).isEqualTo(ExitCode.OK);
        assertThat(world.err()).contains("nothing to do");
    }
}
