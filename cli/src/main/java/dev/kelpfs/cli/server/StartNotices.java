package dev.kelpfs.cli.server;

import dev.kelpfs.cli.command.FlagNotices;
import dev.kelpfs.cli.command.Invocation;
import dev.kelpfs.cli.command.StartException;
import dev.kelpfs.core.config.Configuration;
import dev.kelpfs.core.config.ConfigurationLoader;
import dev.kelpfs.core.config.ConfigurationPlace;
import dev.kelpfs.core.config.UnbuiltSetting;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server says, or refuses, before it starts: flags and keys that somebody set and that have no effect yet are never
 * ignored in silence, and those that protect something stop the start.
 */
final class StartNotices {
    private static final Logger LOG = LoggerFactory.getLogger(StartNotices.class);

    private StartNotices() {}

    /** What the configuration files and their variables bring, one line each. */
    static List<String> ofConfiguration(Configuration configuration, Set<String> components) throws StartException {
        List<String> notices = new ArrayList<>(configuration.warnings());
        for (UnbuiltSetting setting : UnbuiltSetting.in(configuration, components)) {
            if (setting.protects()) {
                throw new StartException(setting.key() + " is set by " + setting.origin()
                        + ", but this release cannot do what it asks for, and to start without it would leave open what it "
                        + "closes; remove it to start unprotected");
            }
            notices.add(setting.key() + ", set by " + setting.origin() + ", has no effect yet in this release");
        }
        return notices;
    }

    /** Reads the configuration of a process and logs all notices. */
    static Configuration log(Invocation invocation, List<String> files, Set<String> components) throws StartException {
        ConfigurationPlace place =
                ConfigurationPlace.of(invocation.global().text("config_dir"), invocation.surroundings().home());
        Configuration configuration = new ConfigurationLoader(
                        place, invocation.surroundings().files(), invocation.surroundings().environment())
                .load(files);
        List<String> notices = new ArrayList<>(FlagNotices.of(invocation.global()));
        notices.addAll(FlagNotices.of(invocation.flags()));
        notices.addAll(ofConfiguration(configuration, components));
        // Not by a method reference: a line then names the library as the place that it comes from.
        for (String notice : notices) LOG.warn(notice);
        return configuration;
    }
}
