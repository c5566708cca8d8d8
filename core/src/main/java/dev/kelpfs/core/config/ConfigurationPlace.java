package dev.kelpfs.core.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where configuration files are looked for, in this order.
 *
 * <p>Source: command line and configuration, section 15.1.
 */
public record ConfigurationPlace(List<Path> directories) {
    public ConfigurationPlace {
        directories = List.copyOf(directories);
    }

    /**
     * @param configDirectory value of {@code -config_dir}; empty is none
     * @param home home directory of the user, when there is one
     */
    public static ConfigurationPlace of(String configDirectory, Optional<Path> home) {
        List<Path> places = new ArrayList<>();
        if (!configDirectory.isEmpty()) places.add(Path.of(configDirectory));
        places.add(Path.of("."));
        home.ifPresent(path -> places.add(path.resolve(".seaweedfs")));
        places.add(Path.of("/usr/local/etc/seaweedfs"));
        places.add(Path.of("/etc/seaweedfs"));
        return new ConfigurationPlace(places);
    }
}
