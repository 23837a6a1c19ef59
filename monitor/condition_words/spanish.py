"""The sheet of codes in Spanish."""

from typing import Final

TITLE: Final = "Qué dicen los códigos de una orden de la corte"
INTRO: Final = (
    "Una orden de la corte tiene reglas. Cada regla tiene un código. Esta hoja dice con palabras fáciles qué es cada"
    " código. La orden puede decir más. Si no dicen lo mismo, vale la orden."
)
HEADS: Final = ("Qué quiere decir", "Si no se cumple", "Cómo pedir un cambio")
CHANGE: Final = (
    "Solo un juez puede cambiar la orden. Pida la forma en la corte o pregunte a un abogado. El juez puede poner una"
    " fecha para oír el caso. Hasta que el juez firme otra orden, vale la de antes. Vale aunque los dos quieran el"
    " cambio. Una persona que apoya a víctimas puede ir con usted. También le puede decir cómo cuidarse."
)
BROKEN: Final = {
    "police": "Si pasa ahora, llame al 911. Diga que hay una orden de la corte. La policía la puede buscar. Si ya pasó,"
              " también lo puede decir a la policía. Usted no tiene que hacerlo. Puede pedir ayuda para pensarlo.",
    "court": "Si hay peligro, llame al 911. Si no, pregunte a un abogado o en la corte cómo se lo dice al juez. Puede"
             " pedir ayuda para hacerlo.",
    "office": "Esto le toca a la oficina que cuida la orden. El programa le avisa y la oficina pregunta qué pasó. Usted"
              " no tiene que avisar ni dar pruebas. Si tiene miedo, llame al 911.",
}  # fmt: skip
CODES: Final = {
    "01": ("No dañar, no amenazar, no acosar",
           "La persona no puede dañar, amenazar, seguir ni molestar a quien la orden protege."),
    "02": ("No amenazar a la familia", "La persona no puede amenazar a otros de la familia o de la casa."),
    "03": ("La casa es de una sola parte",
           "Quien tiene la orden puede vivir en la casa. La otra parte no puede entrar."),
    "04": ("No acercarse", "La persona no puede ir a los lugares que dice la orden. La orden dice a qué distancia."),
    "05": ("No tener contacto",
           "La persona no puede llamar, escribir, mandar recados ni acercarse. Si la orden deja hacer"
                                " algo, lo dice."),
    "06": ("Visitas con los hijos", "La orden dice cuándo y cómo la persona puede ver a los hijos."),
    "07": ("No tener armas",
           "La persona no puede tener ni comprar armas de fuego. La orden puede hablar de otras armas."),
    "08": ("Otras reglas", "El juez puso más reglas. Lea la orden o pida en la corte que la lean con usted."),
    "09": ("Los hijos viven con una parte", "Por ahora los hijos viven con quien tiene la orden."),
    "BIP": ("Clases del programa",
           "La persona tiene que ir a clases para no usar la violencia. La orden dice cuántas."),
    "CHECK_IN": ("Presentarse", "La persona tiene que ir o llamar a una oficina en los días fijados."),
    "TESTING": ("Pruebas", "La persona tiene que hacerse pruebas de drogas o de alcohol cuando se lo pidan."),
    "ALCOHOL_ABSTAIN": ("No tomar alcohol", "La persona no puede tomar alcohol."),
    "FIREARM_SURRENDER": ("Entregar las armas", "La persona tiene que entregar las armas antes de un día fijo y dar"
                                                " prueba."),
    "FIREARM_PROHIBITION": ("No tener armas", "La persona no puede tener ni comprar armas mientras vale la orden."),
    "NO_CONTACT": ("No tener contacto", "La persona no puede llamar, escribir, mandar recados ni acercarse."),
    "STAY_AWAY": ("No acercarse", "La persona no puede ir a los lugares que dice la orden."),
    "REPORT_TO_PROBATION": ("Ir a la oficina de prueba", "La persona tiene que ver a su oficial cuando se lo pidan."),
    "NOTIFY_CHANGE": ("Avisar de cambios", "La persona tiene que avisar si cambia de casa, de trabajo o de teléfono."),
    "FINES_FEES": ("Multas y pagos", "La persona tiene que pagar lo que puso la corte. Si no puede, lo dice al juez."),
    "OTHER_BESPOKE": ("Otras reglas", "El juez puso más reglas. Lea la orden o pregunte en la corte."),
}  # fmt: skip
END: Final = "Esta hoja no es consejo legal ni un servicio de emergencia. Si hay peligro, llame al 911."
