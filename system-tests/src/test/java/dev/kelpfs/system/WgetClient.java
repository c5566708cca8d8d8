package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** GNU wget: downloads that are resumed, kept names and times, and uploads. */
final class WgetClient implements RealClient {
    private static final int BYTES = 3_000_000;

    @Override
    public String name() {
        return "wget";
    }

    @Override
    public Optional<String> missing() {
        return ClientSite.program("wget").isPresent() ? Optional.empty() : Optional.of("wget is not installed (Debian: wget)");
    }

    @Override
    public String version() throws IOException, InterruptedException {
        return new String(new ProcessBuilder("wget", "-V").start().getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines().findFirst().orElse("").replaceAll("^GNU (Wget \\S+).*", "$1");
    }

    @Override
    public List<Trial> trials() {
        return List.of(
                new Trial("a download", WgetClient::download),
                new Trial("-c: resumes a download", WgetClient::resumes),
                new Trial("-c: sees that nothing is missing", WgetClient::complete),
                new Trial("--content-disposition: the stored name", WgetClient::storedName),
                new Trial("-N: only if it is newer", WgetClient::newer),
                new Trial("--post-file, --method=PUT, --method=DELETE", WgetClient::uploads));
    }

    private static String wget(ClientSite site, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("wget", "-nv", "--tries=1", "--timeout=60"));
        command.addAll(List.of(arguments));
        return site.run(command, 0);
    }

    private static void download(ClientSite site) throws Exception {
        Path file = site.file(BYTES);
        String url = site.place();
        site.put(url, Files.readAllBytes(file));
        Path got = site.target();
        wget(site, "-O", got.toString(), url);
        assertThat(got).hasSameBinaryContentAs(file);
    }

    private static void resumes(ClientSite site) throws Exception {
        Path file = site.file(BYTES);
        String url = site.place();
        byte[] content = Files.readAllBytes(file);
        site.put(url, content);
        Path got = site.target();
        Files.write(got, Arrays.copyOf(content, BYTES / 2));
        wget(site, "-c", "-O", got.toString(), url);
        assertThat(got).hasSameBinaryContentAs(file);
    }

    private static void complete(ClientSite site) throws Exception {
        Path file = site.file(BYTES);
        String url = site.place();
        site.put(url, Files.readAllBytes(file));
        Path got = Files.copy(file, site.target());
        wget(site, "-c", "-O", got.toString(), url);
        assertThat(got).hasSameBinaryContentAs(file);
    }

    private static void storedName(ClientSite site) throws Exception {
        String url = site.place();
        byte[] content = "some words".getBytes(StandardCharsets.US_ASCII);
        site.form(url, "a letter.txt", content, "text/plain");
        Path directory = site.target().getParent();
        wget(site, "--content-disposition", "-P", directory.toString(), url);
        assertThat(directory.resolve("a letter.txt")).hasBinaryContent(content);
    }

    private static void newer(ClientSite site) throws Exception {
        String url = site.place();
        site.put(url + "?ts=1700000000", "old".getBytes(StandardCharsets.US_ASCII));
        Path directory = site.target().getParent();
        Path got = directory.resolve(url.substring(url.lastIndexOf('/') + 1));
        wget(site, "-N", "-P", directory.toString(), url);
        assertThat(Files.getLastModifiedTime(got).toInstant().getEpochSecond()).isEqualTo(1_700_000_000);
        site.put(url + "?ts=1600000000", "yet older".getBytes(StandardCharsets.US_ASCII));
        wget(site, "-N", "-P", directory.toString(), url);
        assertThat(got).content().isEqualTo("old");
        site.put(url + "?ts=1710000000", "new".getBytes(StandardCharsets.US_ASCII));
        wget(site, "-N", "-P", directory.toString(), url);
        assertThat(got).content().isEqualTo("new");
    }

    private static void uploads(ClientSite site) throws Exception {
        Path file = site.file(100_000);
        String url = site.place();
        wget(site, "-O", "/dev/null", "--post-file=" + file, "--header=Content-Type: application/octet-stream", url);
        site.stored(url, file);
        Path other = site.file(100_000);
        wget(site, "-O", "/dev/null", "--method=PUT", "--body-file=" + other, url);
        site.stored(url, other);
        wget(site, "-O", "/dev/null", "--method=DELETE", url);
        assertThat(site.get(url).status()).isEqualTo(404);
    }
}
