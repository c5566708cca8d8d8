package dev.kelpfs.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Calls that would let time, chance or files in by a side door. Each ban carries its remedy. */
class BannedCallsTest {
    /**
     * @param what the calls that are banned
     * @param allowedIn package prefixes that are the door itself
     * @param remedy what to do instead
     */
    private record Ban(Predicate<CodeUnitAccessTarget> what, Set<String> allowedIn, String remedy) {}

    private static final List<Ban> BANS = List.of(
            new Ban(
                    call -> is(call, "java.lang.System", "currentTimeMillis")
                            || is(call, "java.time.Instant", "now") && call.getRawParameterTypes().isEmpty()
                            || is(call, "java.time.LocalDateTime", "now")
                            || is(call, "java.time.Clock", "systemUTC")
                            || is(call, "java.time.InstantSource", "system"),
                    Set.of("dev.kelpfs.cli"),
                    "take a java.time.InstantSource; only cli wires the real clock"),
            new Ban(
                    call -> is(call, "java.lang.System", "nanoTime"),
                    Set.of("dev.kelpfs.core.Ticker"),
                    "take a dev.kelpfs.core.Ticker"),
            new Ban(
                    call -> is(call, "java.lang.Math", "random")
                            || is(call, "java.util.concurrent.ThreadLocalRandom", "current")
                            || is(call, "java.util.UUID", "randomUUID")
                            || is(call, "java.util.Random", "<init>")
                            || is(call, "java.util.Collections", "shuffle") && call.getRawParameterTypes().size() == 1,
                    Set.of("dev.kelpfs.cli"),
                    "take a java.util.random.RandomGenerator"),
            new Ban(
                    call -> is(call, "java.nio.file.Files", null)
                            || is(call, "java.nio.channels.FileChannel", "open")
                            || is(call, "java.io.FileInputStream", "<init>")
                            || is(call, "java.io.FileOutputStream", "<init>")
                            || is(call, "java.io.RandomAccessFile", "<init>"),
                    // The client runs on Java 17, where that door is not; it reads the files that its user wants stored.
                    Set.of("dev.kelpfs.disk", "dev.kelpfs.cli", "dev.kelpfs.core.config", "dev.kelpfs.client.LocalFile"),
                    "go through dev.kelpfs.disk.Disk, the one door to files"),
            new Ban(
                    call -> is(call, "java.lang.System", "exit") || is(call, "java.lang.Runtime", "halt"),
                    Set.of("dev.kelpfs.cli"),
                    "throw; only cli ends the process"));

    private static final JavaClasses CLASSES =
            new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.kelpfs");

    @Test
    void timeChanceAndFilesComeThroughTheirDoors() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            // Calls, and references to methods, which call later.
            for (JavaAccess<?> access : type.getAccessesFromSelf()) {
                if (!(access.getTarget() instanceof CodeUnitAccessTarget target)) continue;
                for (Ban ban : BANS) {
                    if (!ban.what().test(target)) continue;
                    if (ban.allowedIn().stream().anyMatch(type.getName()::startsWith)) continue;
                    wrong.add(access.getDescription() + "\n    instead: " + ban.remedy());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static boolean is(CodeUnitAccessTarget call, String owner, @Nullable String name) {
        return call.getOwner().getName().equals(owner) && (name == null || call.getName().equals(name));
    }
}
