package dev.kelpfs.benchmarks.harness;

import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.testkit.net.PortPair;
import dev.kelpfs.testkit.process.ManagedProcess;
import dev.kelpfs.testkit.process.ProcessPlan;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** nginx in the foreground, as one would set it up for small files: plain files below a directory, taken by WebDAV's PUT. */
final class Nginx implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final Duration START_LIMIT = Duration.ofSeconds(30);

    private final PortPair ports = PortPair.reserve();
    private final ManagedProcess process;
    private final Path files;

    /** @param program as {@link #find()} found it */
    Nginx(Path program, TestDirectory directory) throws IOException, InterruptedException {
        files = Files.createDirectories(directory.resolve("nginx-files"));
        Path scratch = Files.createDirectories(directory.resolve("nginx-scratch"));
        Path settings = Files.writeString(directory.resolve("nginx.conf"), settings(scratch));
        process = ManagedProcess.start(ProcessPlan.of("nginx", directory.path(), List.of(
                program.toString(), "-p", directory.path().toString(), "-e", scratch.resolve("error.log").toString(), "-c",
                settings.toString())));
        process.awaitUntil("nginx listens", START_LIMIT, this::canConnect);
    }

    /** nginx, if it is installed. */
    static Optional<Path> find() {
        String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
        return Stream.of(path.split(File.pathSeparator)).map(place -> Path.of(place, "nginx")).filter(Files::isExecutable).findFirst();
    }

    private String settings(Path scratch) {
        // Its workers would leave root for a user who may not see the directory.
        String user = System.getProperty("user.name").equals("root") ? "user root;\n" : "";
        return user + """
                daemon off;
                worker_processes auto;
                pid %1$s/pid;
                error_log %1$s/error.log;
                events { worker_connections 4096; }
                http {
                    access_log off;
                    sendfile on;
                    tcp_nopush on;
                    keepalive_requests 100000000;
                    open_file_cache max=100000 inactive=60s;
                    client_body_temp_path %1$s/bodies;
                    client_body_buffer_size 16k;
                    server {
                        listen %2$s:%3$d;
                        root %4$s;
                        location / {
                            dav_methods PUT DELETE;
                            create_full_put_path on;
                        }
                    }
                }
                """.formatted(scratch, HOST, ports.http(), files);
    }

    private boolean canConnect() throws IOException {
        try (Socket socket = new Socket(HOST, ports.http())) {
            return socket.isConnected();
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress(HOST, ports.http());
    }

    /** Where its files lie. */
    Path files() {
        return files;
    }

    @Override
    public void close() {
        process.close();
        ports.close();
    }
}
