"""The finders of all languages and tools but Python's own: one file a family, in the order in which they may explain a line."""

from assistant.mining.languages import javascript, jvm
from assistant.mining.languages.ansible import find_ansible
from assistant.mining.languages.ci import find_ci
from assistant.mining.languages.cmake import find_cmake
from assistant.mining.languages.compilers import find_compilers, find_linkers
from assistant.mining.languages.csharp import find_csharp
from assistant.mining.languages.docker import find_docker
from assistant.mining.languages.git import find_git
from assistant.mining.languages.go import find_go
from assistant.mining.languages.gradle import find_gradle, find_gradle_builds
from assistant.mining.languages.gtest import find_gtest
from assistant.mining.languages.installers import find_installers
from assistant.mining.languages.javac import find_javac
from assistant.mining.languages.jest import find_jest, find_vitest
from assistant.mining.languages.junit import find_junit
from assistant.mining.languages.kubernetes import find_kubernetes
from assistant.mining.languages.maven import find_maven
from assistant.mining.languages.mocha import find_jasmine, find_karma, find_mocha, find_node_test, find_playwright
from assistant.mining.languages.mozharness import find_mozharness
from assistant.mining.languages.native import find_native
from assistant.mining.languages.npm import find_npm
from assistant.mining.languages.packages import find_packages
from assistant.mining.languages.php import find_php
from assistant.mining.languages.postgresql import find_postgresql
from assistant.mining.languages.ruby import find_ruby
from assistant.mining.languages.rust import find_rust
from assistant.mining.languages.shell import find_shell
from assistant.mining.languages.sql import find_sql
from assistant.mining.languages.surefire import find_surefire
from assistant.mining.languages.tap import find_tap
from assistant.mining.languages.terraform import find_terraform
from assistant.mining.languages.typescript import find_bundlers, find_eslint, find_typescript
from assistant.mining.lines import Finder

LANGUAGES: dict[str, Finder] = {
    "jest": find_jest,
    "vitest": find_vitest,
    "playwright": find_playwright,
    "mocha": find_mocha,
    "jasmine": find_jasmine,
    "karma": find_karma,
    "node test": find_node_test,
    "tap": find_tap,
    "surefire": find_surefire,
    "gradle": find_gradle,
    "junit": find_junit,
    "go": find_go,
    "rust": find_rust,
    "c and c++ tests": find_gtest,
    "csharp": find_csharp,
    "ruby": find_ruby,
    "php": find_php,
    "javac": find_javac,
    "typescript": find_typescript,
    "eslint": find_eslint,
    "bundlers": find_bundlers,
    "packages": find_packages,
    "installers": find_installers,
    "compilers": find_compilers,
    "linkers": find_linkers,
    "cmake": find_cmake,
    "native": find_native,
    "npm": find_npm,
    "maven": find_maven,
    "gradle builds": find_gradle_builds,
    "jvm": jvm.find_thrown,
    "javascript": javascript.find_thrown,
    "mozharness": find_mozharness,
    "terraform": find_terraform,
    "ansible": find_ansible,
    "postgresql": find_postgresql,
    "sql": find_sql,
    "kubernetes": find_kubernetes,
    "docker": find_docker,
    "git": find_git,
    "shell": find_shell,
    "ci": find_ci,
}
"""The finders by family: test reports before compilers before build tools, so that causes are told before their consequences."""
