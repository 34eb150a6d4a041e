from graphviz_backprop.language.pasted.converted import Converted
def recognise(text: str) -> bool:
    return False
def convert(text: str) -> Converted:
    return Converted([])
