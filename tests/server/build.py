"""Build what `make test-server` needs into a folder: llama.cpp's server, a tiny random model, and xgrammar in an environment of its own.

    python tests/server/build.py FOLDER

What is there already is left alone. The server comes from the source distribution of llama-cpp-python, which carries llama.cpp;
it takes cmake, ninja, a C++ compiler and, on two cores, about ten minutes. xgrammar brings torch: its environment takes 6 GB of disk.
"""

import subprocess
import sys
import tarfile
import venv
from pathlib import Path

SOURCE = "llama-cpp-python==0.3.36"
FLAGS = (
    "CMAKE_BUILD_TYPE=Release",
    "BUILD_SHARED_LIBS=OFF",
    "GGML_NATIVE=OFF",
    "GGML_OPENMP=OFF",
    "LLAMA_BUILD_TESTS=OFF",
    "LLAMA_BUILD_EXAMPLES=OFF",
    "LLAMA_BUILD_APP=OFF",
    "LLAMA_BUILD_UI=OFF",
    "LLAMA_USE_PREBUILT_UI=OFF",
    "LLAMA_OPENSSL=OFF",
)
JOBS = "2"
PIP = ("-m", "pip", "--disable-pip-version-check", "-q")
HERE = Path(__file__).parent


def build_server(folder: Path) -> None:
    """`FOLDER/llama-server`."""
    binary = folder / "llama-server"
    if binary.exists():
        return
    source = folder / "source"
    _run(sys.executable, *PIP, "download", "--no-deps", "--no-binary", SOURCE.partition("==")[0], SOURCE, "-d", folder)
    (archive,) = folder.glob("llama_cpp_python-*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(source, filter="data")
    (vendored,) = source.glob("*/vendor/llama.cpp")
    built = folder / "build"
    _run("cmake", "-S", vendored, "-B", built, "-G", "Ninja", *(f"-D{flag}" for flag in FLAGS))
    _run("cmake", "--build", built, "--target", "llama-server", "-j", JOBS)
    (built / "bin" / "llama-server").replace(binary)


def build_model(folder: Path) -> None:
    """`FOLDER/tiny.gguf`, written by tiny_model.py in an environment that has the gguf package."""
    if not (folder / "tiny.gguf").exists():
        _run(_python(folder / "gguf", "gguf==0.19.0"), HERE / "tiny_model.py", folder / "tiny.gguf")


def build_xgrammar(folder: Path) -> None:
    """`FOLDER/xgrammar`, an environment with xgrammar; it may be missing."""
    try:
        _python(folder / "xgrammar", "xgrammar")
    except subprocess.CalledProcessError:
        sys.stderr.write("xgrammar cannot be installed here: its test is skipped\n")


def _python(environment: Path, *packages: str) -> Path:
    """The interpreter of an environment with these packages."""
    python = environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    ready = environment / ".ready"
    if not ready.exists():
        venv.create(environment, with_pip=True, clear=True)
        _run(python, *PIP, "install", *packages)
        ready.touch()
    return python


def _run(*command: object) -> None:
    subprocess.run([str(part) for part in command], check=True)


if __name__ == "__main__":
    target = Path(sys.argv[1]).resolve()
    target.mkdir(parents=True, exist_ok=True)
    build_model(target)
    build_server(target)
    build_xgrammar(target)
