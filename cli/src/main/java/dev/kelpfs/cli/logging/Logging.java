package dev.kelpfs.cli.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/** Sets the process's logging up, before the first line. */
public final class Logging {
    private static final String OURS = "dev.kelpfs";
    private static final int ALL_WITH_LIBRARIES = 4;

    private Logging() {}

    /**
     * Called again (several servers in one process), the last settings count.
     *
     * @param err where lines go that do not go to files, and those that are bad enough to go there too
     */
    public static synchronized void start(LogSettings settings, PrintStream err) {
        ZoneId zone = ZoneId.systemDefault();
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        LineAppender appender = new LineAppender(
                new LineFormat(settings.json(), settings.verbosity() > 0, zone),
                err,
                settings.directory().map(directory -> files(directory, settings, zone)),
                settings.directory().isEmpty() || settings.alsoToStderr(),
                settings.stderrThreshold());
        appender.setContext(context);
        appender.start();
        boolean libraries = settings.verbosity() >= ALL_WITH_LIBRARIES;
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(libraries ? Level.DEBUG : Level.WARN);
        root.addAppender(appender);
        // It reports every lost connection with its whole stack; what matters of it, the masters say themselves.
        if (!libraries) context.getLogger("org.apache.ratis").setLevel(Level.ERROR);
        // Nobody needs the address; on a machine without a network card it would be the first line of every command.
        for (String nettys : libraries ? List.<String>of() : List.of("", "io.grpc.netty.shaded.")) {
            context.getLogger(nettys + "io.netty.util.internal.MacAddressUtil").setLevel(Level.ERROR);
        }
        context.getLogger(OURS).setLevel(levelOf(settings.verbosity()));
        if (!settings.modules().isEmpty()) context.addTurboFilter(new ModuleFilter(settings.modules()));
        JulBridge.install(libraries ? java.util.logging.Level.INFO : java.util.logging.Level.WARNING);
    }

    static Level levelOf(int verbosity) {
        if (verbosity <= LogSettings.WARNINGS_ONLY) return Level.WARN;
        if (verbosity <= 0) return Level.INFO;
        return verbosity <= 2 ? Level.DEBUG : Level.TRACE;
    }

    private static LogFiles files(Path directory, LogSettings settings, ZoneId zone) {
        LogFiles.Writer writer = new LogFiles.Writer(
                hostName(), System.getProperty("user.name", "unknown"), ProcessHandle.current().pid());
        LogFiles.Rotation rotation =
                new LogFiles.Rotation(settings.maxFileBytes(), settings.maxFileAge(), settings.maxFiles());
        return new LogFiles(directory, writer, rotation, zone);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }

    /** Lets single source files say more, or less, than the rest. */
    private static final class ModuleFilter extends TurboFilter {
        private final ModuleVerbosity modules;

        ModuleFilter(ModuleVerbosity modules) {
            this.modules = modules;
        }

        @Override
        public FilterReply decide(
                @Nullable Marker marker, Logger logger, Level level, @Nullable String format,
                Object @Nullable [] parameters, @Nullable Throwable thrown) {
            OptionalInt verbosity = modules.of(logger.getName());
            if (verbosity.isEmpty()) return FilterReply.NEUTRAL;
            boolean wanted = level.isGreaterOrEqual(levelOf(verbosity.getAsInt()));
            return wanted ? FilterReply.ACCEPT : FilterReply.DENY;
        }
    }
}
