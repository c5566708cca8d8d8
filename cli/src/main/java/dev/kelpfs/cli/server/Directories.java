package dev.kelpfs.cli.server;

import dev.kelpfs.cli.command.StartException;
import dev.kelpfs.cli.command.Surroundings;
import dev.kelpfs.disk.Disk;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Directories named by flags: a leading {@code ~} means a home, and what is missing is created with its parents. */
final class Directories {
    private static final Path PASSWORD_FILE = Path.of("/etc/passwd");
    private static final int HOME_COLUMN = 5;

    private final Surroundings surroundings;

    Directories(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /**
     * The directories of a comma separated list, each existing and writable; the temporary directory for the empty text.
     *
     * @param flag for messages
     */
    List<Path> prepareAll(String flag, String list) throws StartException {
        List<Path> directories = new ArrayList<>();
        for (String item : list.split(",")) {
            if (!item.isBlank()) directories.add(prepare(flag, item.strip()));
        }
        return directories.isEmpty() ? List.of(prepare(flag, "")) : List.copyOf(directories);
    }

    /** One directory, existing and writable; the temporary directory for the empty text. */
    Path prepare(String flag, String text) throws StartException {
        Path directory = text.isEmpty() ? surroundings.temporaryDirectory() : expand(flag, text);
        Disk disk = surroundings.disk().get();
        try {
            disk.createDirectories(directory);
        } catch (IOException failed) {
            throw new StartException("cannot create the directory " + directory + " of -" + flag + ": " + reason(failed)
                    + "; choose another, or create it with write permission for this user", failed);
        }
        if (!disk.isDirectory(directory)) {
            throw new StartException("-" + flag + " needs a directory, but " + directory + " is a file; choose another path");
        }
        if (!disk.isWritable(directory)) {
            throw new StartException("cannot write to the directory " + directory + " of -" + flag
                    + "; give this user write permission, or choose another directory");
        }
        return directory;
    }

    private Path expand(String flag, String text) throws StartException {
        if (!text.startsWith("~")) return Path.of(text);
        int slash = text.indexOf('/');
        String user = text.substring(1, slash < 0 ? text.length() : slash);
        Path home = user.isEmpty() ? ownHome(flag) : homeOf(flag, user);
        return slash < 0 ? home : home.resolve(text.substring(slash + 1));
    }

    private Path ownHome(String flag) throws StartException {
        return surroundings.home().orElseThrow(
                () -> new StartException("-" + flag + " begins with ~, but this user has no home; give the whole path"));
    }

    private Path homeOf(String flag, String user) throws StartException {
        try {
            String accounts = surroundings.files().read(PASSWORD_FILE).orElse("");
            for (String line : accounts.split("\n")) {
                String[] columns = line.split(":");
                if (columns.length > HOME_COLUMN && columns[0].equals(user)) return Path.of(columns[HOME_COLUMN]);
            }
        } catch (IOException unreadable) {
            throw new StartException("cannot look up ~" + user + " of -" + flag + ": " + reason(unreadable), unreadable);
        }
        throw new StartException("-" + flag + " names the home of " + user + ", and there is no such user");
    }

    /** In words: the file system's own exceptions often carry a path and nothing else. */
    private static String reason(IOException failed) {
        return switch (failed) {
            case NoSuchFileException _ -> "a directory above it is missing";
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException _ -> "a file is in the way";
            default -> failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
        };
    }
}
