"""Write a model of random weights that llama.cpp can run: one layer, 64 dimensions, bytes as tokens.

    python tests/server/tiny_model.py FILE        (needs the gguf package)

It knows nothing. One dimension of every embedding is constant and carries a bias over the vocabulary: towards letters, quotes,
closing brackets and the end, so that strings end and replies under a grammar stay short; away from all bytes outside ASCII, since
the grammar lets through bytes that are no UTF-8, and then the server refuses its own output with status 500.
"""

import sys
from typing import Any

import gguf
import numpy as np

SEED = 20261125
WIDTH, HIDDEN, HEADS, CONTEXT = 64, 128, 4, 65_536
SPECIALS = ("<unk>", "<s>", "</s>", "<|im_start|>", "<|im_end|>")
MERGES = ("t h", "e r")
"""The loader wants some, and their results as tokens."""
UNK, BOS, EOS = (256 + len(MERGES) + number for number in range(3))
CARRIED = 8.0
BIASES = {'"': 2.5, "]": 2.5, "}": 2.5} | dict.fromkeys("etaoinshrdlu ", 2.0)
EOS_BIAS = 3.0
NOT_ASCII_BIAS = -20.0
TEMPLATE = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}<|im_start|>assistant\n"


def byte_names() -> list[str]:
    """GPT-2's printable name of every byte, by byte."""
    plain = {*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = iter(range(256, 512))
    return [chr(byte) if byte in plain else chr(next(others)) for byte in range(256)]


def write_model(path: str) -> None:
    """Write the model."""
    tokens = [*byte_names(), *(merge.replace(" ", "") for merge in MERGES), *SPECIALS]
    writer = gguf.GGUFWriter(path, "llama")
    write_head(writer, tokens)
    for name, tensor in weights(tokens).items():
        writer.add_tensor(name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def write_head(writer: Any, tokens: list[str]) -> None:
    """Sizes and vocabulary."""
    writer.add_name("tiny random")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(tokens))
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    specials = len(SPECIALS)
    writer.add_token_types([gguf.TokenType.NORMAL] * (len(tokens) - specials) + [gguf.TokenType.CONTROL] * specials)
    writer.add_token_merges(list(MERGES))
    writer.add_unk_token_id(UNK)
    writer.add_bos_token_id(BOS)
    writer.add_eos_token_id(EOS)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)


def weights(tokens: list[str]) -> dict[str, "np.ndarray[Any, np.dtype[np.float32]]"]:
    """Random tensors; dimension 0 of the embeddings is constant, and the output's column 0 is the bias."""
    dice = np.random.default_rng(SEED)

    def random(*shape: int) -> "np.ndarray[Any, np.dtype[np.float32]]":
        return (dice.standard_normal(shape) * 0.05).astype(np.float32)

    embeddings, output = random(len(tokens), WIDTH), random(len(tokens), WIDTH)
    embeddings[:, 0] = CARRIED
    output[:, 0] = 0.0
    output[128:256, 0] = NOT_ASCII_BIAS / CARRIED
    for letter, bias in BIASES.items():
        output[ord(letter), 0] = bias / CARRIED
    output[EOS, 0] = EOS_BIAS / CARRIED
    ones = np.ones(WIDTH, dtype=np.float32)
    layer = {f"blk.0.attn_{part}.weight": random(WIDTH, WIDTH) for part in ("q", "k", "v", "output")}
    layer |= {"blk.0.ffn_gate.weight": random(HIDDEN, WIDTH), "blk.0.ffn_up.weight": random(HIDDEN, WIDTH)}
    layer |= {"blk.0.ffn_down.weight": random(WIDTH, HIDDEN), "blk.0.attn_norm.weight": ones, "blk.0.ffn_norm.weight": ones}
    return {"token_embd.weight": embeddings, "output_norm.weight": ones, "output.weight": output} | layer


if __name__ == "__main__":
    write_model(sys.argv[1])
