package dev.kelpfs.benchmarks.failover;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Files stored as a person at a terminal would: {@code curl} to a master, {@code curl} to a volume server. For all threads. */
final class Curl {
    private static final Pattern ASSIGNED = Pattern.compile("\"fid\":\"([^\"]+)\".*\"url\":\"([^\"]+)\"");

    private final Path file;

    /** @param file what is stored */
    Curl(Path file) {
        this.file = file;
    }

    /** Where a file may be stored, as host, port and file id with a slash between; nothing if the one request gave none. */
    Optional<String> assign(String master, String query) throws InterruptedException {
        Matcher found = ASSIGNED.matcher(run("-m", "30", "http://" + master + "/dir/assign" + query));
        return found.find() ? Optional.of(found.group(2) + "/" + found.group(1)) : Optional.empty();
    }

    /** An id from the master, and a file stored under it. @return whether that was acknowledged */
    boolean write(String master) throws InterruptedException {
        Optional<String> place = assign(master, "");
        return place.isPresent()
                && run("-m", "2", "-o", "/dev/null", "-w", "%{http_code}", "-F", "file=@" + file, "http://" + place.get()).equals("201");
    }

    private static String run(String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("curl", "-s"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return answer;
        } catch (IOException noCurl) {
            throw new UncheckedIOException("this measurement needs curl (apt-get install curl)", noCurl);
        }
    }
}
