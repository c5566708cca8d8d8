package dev.kelpfs.testkit;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.opentest4j.TestAbortedException;

/**
 * Gives a {@link TestDirectory} to every method that asks for one ({@code @ExtendWith(TestDirectories.class)}): a test
 * method gets its own, {@code @BeforeAll} one for all tests of the class. It is deleted when all of its tests passed, and
 * kept and named when one failed.
 */
public final class TestDirectories implements ParameterResolver, AfterEachCallback {
    private static final String FAILED_IN = "a test failed in ";

    private static final Namespace NAMESPACE = Namespace.create(TestDirectories.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == TestDirectory.class;
    }

    @Override
    public TestDirectory resolveParameter(ParameterContext parameter, ExtensionContext test) {
        String name = test.getTestClass().map(Class::getSimpleName).orElse("test") + "-"
                + test.getTestMethod().map(method -> method.getName()).orElse("all");
        TestDirectory directory = TestDirectory.create(name);
        test.getStore(NAMESPACE).put(parameter.getIndex(), new Closing(directory, test));
        return directory;
    }

    @Override
    public void afterEach(ExtensionContext test) {
        if (!failed(test)) return;
        test.getParent().ifPresent(parent -> parent.getStore(NAMESPACE).put(FAILED_IN + parent.getUniqueId(), true));
    }

    /** A test that was skipped half-way, because its conditions are not met here, has not failed. */
    private static boolean failed(ExtensionContext test) {
        return test.getExecutionException().filter(thrown -> !(thrown instanceof TestAbortedException)).isPresent();
    }

    /** JUnit closes what lies in its store when the test is over, and only then knows how it went. */
    private record Closing(TestDirectory directory, ExtensionContext test) implements AutoCloseable {
        @Override
        public void close() {
            // A store is asked with all above it, so the key names the one that is meant.
            boolean inside = test.getStore(NAMESPACE).get(FAILED_IN + test.getUniqueId()) != null;
            if (inside || failed(test)) directory.keep();
            directory.close();
        }
    }
}
