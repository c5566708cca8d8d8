package dev.kelpfs.cli.files;

import dev.kelpfs.cli.tool.WrongArgumentsException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** Which files below a directory are meant. */
final class ChosenFiles {
    private ChosenFiles() {}

    /**
     * Plain files, sorted by path. Links to directories are not followed.
     *
     * @param include pattern for the name of a file; empty for all
     */
    static List<Path> below(Path directory, String include) throws IOException, WrongArgumentsException {
        if (!Files.isDirectory(directory)) throw new IOException("-dir=" + directory + " is no directory");
        PathMatcher wanted;
        try {
            wanted = FileSystems.getDefault().getPathMatcher("glob:" + (include.isEmpty() ? "*" : include));
        } catch (PatternSyntaxException wrong) {
            throw new WrongArgumentsException("-include is no pattern such as *.jpg: " + wrong.getMessage());
        }
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(Files::isRegularFile).filter(file -> wanted.matches(file.getFileName())).sorted().toList();
        }
    }
}
