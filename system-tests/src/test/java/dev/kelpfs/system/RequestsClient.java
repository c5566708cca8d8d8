package dev.kelpfs.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Python with requests; what it does is in {@code with_requests.py}. */
final class RequestsClient implements RealClient {
    private static final String SCRIPT = "with_requests.py";
    private static final Map<String, String> TRIALS = new TreeMap<>(Map.of(
            "form", "files=: a form, name kept",
            "raw", "put(data=file)",
            "generator", "put(data=generator): chunked",
            "json", "post(json=...)",
            "stream", "stream=True, Range",
            "gzip", "takes gzip without being asked",
            "redirect", "follows the master",
            "conditions", "If-None-Match, head, delete"));

    @Override
    public String name() {
        return "Python requests";
    }

    @Override
    public Optional<String> missing() {
        return python().isPresent() ? Optional.empty()
                : Optional.of("no python3 that has requests is installed (Debian: python3-requests, PyPI: requests)");
    }

    @Override
    public String version() {
        return "requests " + python().map(found -> printed(found, "import requests; print(requests.__version__)")).orElse("");
    }

    @Override
    public List<Trial> trials() {
        return TRIALS.entrySet().stream()
                .map(trial -> new Trial(trial.getValue(), site -> attempt(site, trial.getKey()))).toList();
    }

    private static void attempt(ClientSite site, String trial) throws Exception {
        Path script;
        try (var source = RequestsClient.class.getResourceAsStream(SCRIPT)) {
            script = site.write(SCRIPT, source == null ? new byte[0] : source.readAllBytes());
        }
        site.run(python().orElseThrow(), script.toString(), trial, site.place(), site.master(), site.file(500_000).toString());
    }

    /** The first one that has the library. */
    private static Optional<String> python() {
        return List.of("python3", "/usr/bin/python3").stream()
                .filter(one -> one.startsWith("/") ? Files.isExecutable(Path.of(one)) : ClientSite.program(one).isPresent())
                .filter(one -> printed(one, "import requests; print('yes')").equals("yes")).findFirst();
    }

    private static String printed(String python, String program) {
        try {
            Process process = new ProcessBuilder(python, "-c", program).redirectErrorStream(true).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException notThere) {
            return "";
        }
    }
}
