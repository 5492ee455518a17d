import pytest

from claimtrack.matching.posts import plain


@pytest.mark.parametrize(
    ("post", "words"),
    [
        pytest.param("The bridge opens in March.", "The bridge opens in March.", id="what is no post stays"),
        pytest.param("Read this https://a.example/b?c=1 now", "Read this now", id="an address"),
        pytest.param("Look: www.a.example pic.twitter.com/Ab12", "Look:", id="addresses without a scheme"),
        pytest.param("A #GreenDeal for all", "A Green Deal for all", id="a hashtag"),
        pytest.param("@Ada_Stone promised #roads", "Ada Stone promised roads", id="a handle"),
        pytest.param("Ada McStone keeps her word", "Ada McStone keeps her word", id="a capital inside a name"),
        pytest.param("# 5 @ 6", "# 5 @ 6", id="signs that mark nothing"),
        pytest.param("https://a.example", "", id="nothing but an address"),
    ],
)
def test_a_post_is_read_as_words(post, words):
    assert " ".join(plain(post).split()) == words
