package io.streamforge.it.borders;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which module may know which, over everything on the gateway's class path. The control plane checks its own side. */
class BordersTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.streamforge");
    private static final String MODEL = "io.streamforge.model..";
    private static final String GATEWAY = "io.streamforge.routes..";
    private static final String CONTROL_PLANE = "io.streamforge.controlplane..";
    private static final String SPRING = "org.springframework..";

    /** What is ours on the gateway's class path and is not the gateway itself. */
    private static final DescribedPredicate<JavaClass> COMPONENT =
            DescribedPredicate.not(resideInAPackage(GATEWAY)).as("belong to a component");

    @Test
    void modelImportsTheJdkAvroAndJSpecifyOnly() {
        classes()
                .that()
                .resideInAPackage(MODEL)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("java..", MODEL, "org.apache.avro..", "org.jspecify.."))
                .check(CLASSES);
    }

    @Test
    void componentsKnowNeitherSpringNorTheGatewayNorTheControlPlane() {
        noClasses()
                .that(COMPONENT)
                .should()
                .dependOnClassesThat(resideInAnyPackage(SPRING, GATEWAY, CONTROL_PLANE))
                .check(CLASSES);
    }

    @Test
    void gatewayKnowsNeitherSpringNorTheControlPlane() {
        noClasses()
                .that()
                .resideInAPackage(GATEWAY)
                .should()
                .dependOnClassesThat(resideInAnyPackage(SPRING, CONTROL_PLANE))
                .check(CLASSES);
    }

    @Test
    void everyComponentIsSeen() throws IOException {
        try (Stream<Path> folders = Files.list(Path.of("../../components"))) {
            assertThat(CLASSES.stream()
                            .map(type -> type.getPackageName().split("\\.")[2])
                            .collect(Collectors.toSet()))
                    .containsAll(folders.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                            .map(folder -> folder.getFileName().toString())
                            .toList());
        }
    }
}
